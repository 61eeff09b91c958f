"""What a computer's own radio and camera do when nobody needs them: Bluetooth and the webcam."""
