"""What the program does otherwise than Pulumi's Python SDK by itself, and why.

May import nothing of this project.
"""
