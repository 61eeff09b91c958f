"""Who can sign in, who rules the computer, how passwords are asked, and whose files are open?"""
