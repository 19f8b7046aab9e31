// Package kubernetes is the SDK's top.
package kubernetes

import "reflect"

// UntypedArgs are an object's inputs as its manifest has them.
type UntypedArgs map[string]any

// ElementType is what pulumi.Input asks for.
func (UntypedArgs) ElementType() reflect.Type {
	return reflect.TypeFor[map[string]any]()
}
