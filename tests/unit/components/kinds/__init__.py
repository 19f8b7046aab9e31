"""The program's own classes of Kubernetes' kinds, beside Pulumi's."""
