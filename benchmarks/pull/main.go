// Pulls the layers of OCI layouts in part, by containers/storage itself, and says how many bytes that took.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/containers/storage"
	drivers "github.com/containers/storage/drivers"
	"github.com/containers/storage/pkg/chunked"
	"github.com/containers/storage/pkg/reexec"
	"github.com/opencontainers/go-digest"
)

type descriptor struct {
	Digest      digest.Digest
	Size        int64
	Annotations map[string]string
}

type blob struct {
	path  string
	moved uint64
}

// GetBlobAt gives pieces of the blob, as a registry would.
func (b *blob) GetBlobAt(pieces []chunked.ImageSourceChunk) (chan io.ReadCloser, chan error, error) {
	streams, errs := make(chan io.ReadCloser), make(chan error, 1)
	file, err := os.Open(b.path)
	if err != nil {
		return nil, nil, err
	}
	for _, piece := range pieces {
		b.moved += piece.Length
	}
	go func() {
		defer close(streams)
		defer close(errs)
		for _, piece := range pieces {
			streams <- io.NopCloser(io.NewSectionReader(file, int64(piece.Offset), int64(piece.Length)))
		}
	}()
	return streams, errs, nil
}

func main() {
	if reexec.Init() {
		return
	}
	place := os.Args[1]
	store, err := storage.GetStore(storage.StoreOptions{
		GraphRoot: filepath.Join(place, "graph"), RunRoot: filepath.Join(place, "run"), GraphDriverName: "overlay",
		PullOptions: map[string]string{"enable_partial_images": "true", "use_hard_links": "false"},
	})
	check(err)
	parent := ""
	for _, layout := range os.Args[2:] {
		parent = pull(store, layout)
	}
	path, err := store.Mount(parent, "")
	check(err)
	fmt.Println(path)
}

func pull(store storage.Store, layout string) string {
	var index struct{ Manifests []descriptor }
	var image struct {
		Config descriptor
		Layers []descriptor
	}
	var settings struct {
		Rootfs struct {
			DiffIDs []digest.Digest `json:"diff_ids"`
		}
	}
	at := func(of digest.Digest) string { return filepath.Join(layout, "blobs", "sha256", of.Encoded()) }
	read(filepath.Join(layout, "index.json"), &index)
	read(at(index.Manifests[0].Digest), &image)
	read(at(image.Config.Digest), &settings)
	parent, moved, size := "", uint64(0), int64(0)
	for number, layer := range image.Layers {
		source := &blob{path: at(layer.Digest)}
		differ, err := chunked.NewDiffer(context.Background(), store, layer.Digest, layer.Size, layer.Annotations, source)
		check(err)
		staged, err := store.PrepareStagedLayer(nil, differ)
		check(err)
		if want := settings.Rootfs.DiffIDs[number]; staged.UncompressedDigest != want {
			check(fmt.Errorf("layer %d: the archive has the digest %s, not %s", number, staged.UncompressedDigest, want))
		}
		made, err := store.ApplyStagedLayer(storage.ApplyStagedLayerOptions{
			ID: digest.FromString(layout + fmt.Sprint(number)).Encoded(), ParentLayer: parent,
			DiffOutput: staged, DiffOptions: &drivers.ApplyDiffWithDifferOpts{},
		})
		check(err)
		parent, moved, size = made.ID, moved+source.moved, size+layer.Size
	}
	fmt.Println(layout, moved, "of", size, "bytes")
	return parent
}

func read(path string, value any) {
	data, err := os.ReadFile(path)
	check(err)
	check(json.Unmarshal(data, value))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
