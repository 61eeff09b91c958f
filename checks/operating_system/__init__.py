"""Does its maker still fix the operating system, and are the fixes installed, by themselves?"""
