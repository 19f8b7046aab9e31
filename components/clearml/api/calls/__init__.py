"""The API's calls, one module for each kind of object; each module's head names its sections of the contract.

Every function here raises FailedCall, as `Client.read` and `Client.write` do; what comes back is a model of its answer.

May import `components.clearml.api`.
"""
