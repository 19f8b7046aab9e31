// Package v4 has two of the options of the component helm.sh/v4:Chart.
package v4

import (
	"context"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RepositoryOpts say where a chart is and how to get in; the files are certificates and the client's key.
type RepositoryOpts struct {
	CaFile   pulumi.AssetOrArchive `pulumi:"caFile"`
	CertFile pulumi.AssetOrArchive `pulumi:"certFile"`
	KeyFile  pulumi.AssetOrArchive `pulumi:"keyFile"`
	Password *string               `pulumi:"password"`
	Repo     *string               `pulumi:"repo"`
	Username *string               `pulumi:"username"`
}

// RepositoryOptsArgs are RepositoryOpts whose values may not be known yet.
type RepositoryOptsArgs struct {
	CaFile   pulumi.AssetOrArchiveInput `pulumi:"caFile"`
	CertFile pulumi.AssetOrArchiveInput `pulumi:"certFile"`
	KeyFile  pulumi.AssetOrArchiveInput `pulumi:"keyFile"`
	Password pulumi.StringPtrInput      `pulumi:"password"`
	Repo     pulumi.StringPtrInput      `pulumi:"repo"`
	Username pulumi.StringPtrInput      `pulumi:"username"`
}

// RepositoryOptsInput is either of them.
type RepositoryOptsInput interface {
	pulumi.Input

	ToRepositoryOptsOutput() RepositoryOptsOutput
	ToRepositoryOptsOutputWithContext(context.Context) RepositoryOptsOutput
}

// RepositoryOptsOutput resolves to RepositoryOpts.
type RepositoryOptsOutput struct{ *pulumi.OutputState }

// PostRenderer is a command that what was rendered goes through.
type PostRenderer struct {
	Args    []string `pulumi:"args"`
	Command string   `pulumi:"command"`
}

// PostRendererArgs are a PostRenderer whose values may not be known yet.
type PostRendererArgs struct {
	Args    pulumi.StringArrayInput `pulumi:"args"`
	Command pulumi.StringInput      `pulumi:"command"`
}

// PostRendererInput is either of them.
type PostRendererInput interface {
	pulumi.Input

	ToPostRendererOutput() PostRendererOutput
	ToPostRendererOutputWithContext(context.Context) PostRendererOutput
}

// PostRendererOutput resolves to a PostRenderer.
type PostRendererOutput struct{ *pulumi.OutputState }

// The rest is what the Pulumi SDK calls, by these names, when it turns one into another.

func (RepositoryOptsArgs) ElementType() reflect.Type   { return reflect.TypeFor[RepositoryOpts]() }
func (RepositoryOptsOutput) ElementType() reflect.Type { return reflect.TypeFor[RepositoryOpts]() }
func (PostRendererArgs) ElementType() reflect.Type     { return reflect.TypeFor[PostRenderer]() }
func (PostRendererOutput) ElementType() reflect.Type   { return reflect.TypeFor[PostRenderer]() }

func (given RepositoryOptsArgs) ToRepositoryOptsOutput() RepositoryOptsOutput {
	return given.ToRepositoryOptsOutputWithContext(context.Background())
}

func (given RepositoryOptsArgs) ToRepositoryOptsOutputWithContext(ctx context.Context) RepositoryOptsOutput {
	return pulumi.ToOutputWithContext(ctx, given).(RepositoryOptsOutput)
}

func (given RepositoryOptsOutput) ToRepositoryOptsOutput() RepositoryOptsOutput { return given }

func (given RepositoryOptsOutput) ToRepositoryOptsOutputWithContext(context.Context) RepositoryOptsOutput {
	return given
}

func (given PostRendererArgs) ToPostRendererOutput() PostRendererOutput {
	return given.ToPostRendererOutputWithContext(context.Background())
}

func (given PostRendererArgs) ToPostRendererOutputWithContext(ctx context.Context) PostRendererOutput {
	return pulumi.ToOutputWithContext(ctx, given).(PostRendererOutput)
}

func (given PostRendererOutput) ToPostRendererOutput() PostRendererOutput { return given }

func (given PostRendererOutput) ToPostRendererOutputWithContext(context.Context) PostRendererOutput {
	return given
}

func init() {
	pulumi.RegisterInputType(reflect.TypeFor[RepositoryOptsInput](), RepositoryOptsArgs{})
	pulumi.RegisterInputType(reflect.TypeFor[PostRendererInput](), PostRendererArgs{})
	pulumi.RegisterOutputType(RepositoryOptsOutput{})
	pulumi.RegisterOutputType(PostRendererOutput{})
}
