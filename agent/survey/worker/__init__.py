"""The survey worker: a program of its own that sends and hears frames (operations §E).

Standard library and scapy (GPL-2.0-only) only. The agent starts it as `python -I -P -m
agent.survey.worker`, hands it one task as a line of JSON and reads lines of JSON back; nothing else
of the agent is loaded here, nor any library that may not stand beside scapy in one program.

It sends what `guard` lets through and nothing else. All that it hears comes from strangers: frames
are filtered in the kernel, cut to one Ethernet frame, dissected within a time, and counted.
"""
