"""What a walk round the network tells: sections of an ordinary report, judged by the controller.

An agent sees one computer; a scanner sees what else is on the wire and in the air (network §5).
Nothing here is judged where it was seen: whether a thing is the school's own, only the register
knows (`checks/records/network`). A question that failed is `Unseen`, never an empty list, so that
what was not seen tonight is not taken for gone.
"""
