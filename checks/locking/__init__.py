"""Does the screen lock itself, ask for the password again, and is nobody left signed in?"""
