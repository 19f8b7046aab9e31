"""How the server is told with what everybody may sign in: variables, files and one Secret (contract 3.2).

May import `components.values` and the settings.
"""
