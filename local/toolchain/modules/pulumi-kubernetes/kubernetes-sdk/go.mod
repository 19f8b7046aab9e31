// What the kubernetes plugin uses of its own Go SDK, and no more: the SDK's types of all kinds of objects are a third of
// what the local environment is made of, and the plugin needs none of them.
module github.com/pulumi/pulumi-kubernetes/sdk/v4

go 1.26.0

require github.com/pulumi/pulumi/sdk/v3 v3.229.0
