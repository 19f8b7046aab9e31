"""What a chart makes of a release's values, as helm says it: for the policies, and for what a change restarts.

May import `settings.private_files`, and nothing else of this project.
"""
