// Package v2 registers the objects of a manifest or a chart.
package v2

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type object struct {
	pulumi.CustomResourceState
}

// RegisterResource registers an object of any kind. The SDK has a case, with a Go type, for each of 157 kinds; all of
// them and all others follow this one rule, so the engine hears the same.
func RegisterResource(ctx *pulumi.Context, apiVersion, kind, name string, props pulumi.Input,
	opts ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	group := apiVersion
	if !strings.Contains(group, "/") {
		group = "core/" + group
	}
	registered := &object{}
	if err := ctx.RegisterResource("kubernetes:"+group+":"+kind, name, props, registered, opts...); err != nil {
		return nil, err
	}
	return registered, nil
}
