"""What is done beside a run of the program, on any stack, with `pulumi` and `helm` from PATH.

May import `settings`, and of `components` what looks into charts and asks the API.
"""
