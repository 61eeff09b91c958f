"""What is on the wire and in the air: is it the school's, and is it kept safe?"""
