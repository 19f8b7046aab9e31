// The official kubernetes plugin. Its own main package embeds two files that its repository makes while it builds; here
// they lie beside the executable. Of its Go SDK it has what it uses, see ../kubernetes-sdk.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	provider.Serve("kubernetes", version.Version, beside("schema.json"), beside("terraform-mapping.json"))
}

// beside reads a file that lies where this executable does, wherever a link to it may be.
func beside(name string) []byte {
	own, err := os.Executable()
	if err == nil {
		own, err = filepath.EvalSymlinks(own)
	}
	if err != nil {
		log.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(filepath.Dir(own), name))
	if err != nil {
		log.Fatal(err)
	}
	return content
}
