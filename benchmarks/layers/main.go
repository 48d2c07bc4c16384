// Reads every layer of an OCI layout by the libraries that define zstd:chunked's tar-split data and eStargz.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/containerd/stargz-snapshotter/estargz"
	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	"github.com/vbatts/tar-split/tar/asm"
	"github.com/vbatts/tar-split/tar/storage"
)

const prefix = "io.github.containers.zstd-chunked."

type descriptor struct {
	Digest      digest.Digest
	Annotations map[string]string
}

type manifest struct {
	Config descriptor
	Layers []descriptor
}

type config struct {
	Rootfs struct {
		DiffIDs []digest.Digest `json:"diff_ids"`
	}
}

// entry is an object of zstd:chunked's table.
type entry struct {
	Type, Name, Digest, ChunkDigest                 string
	Size, Offset, EndOffset, ChunkSize, ChunkOffset int64
}

func main() {
	var index struct{ Manifests []descriptor }
	var image manifest
	var settings config
	read(filepath.Join(os.Args[1], "index.json"), &index)
	read(blob(index.Manifests[0].Digest), &image)
	read(blob(image.Config.Digest), &settings)
	for number, layer := range image.Layers {
		data, err := os.ReadFile(blob(layer.Digest))
		check(err)
		want := settings.Rootfs.DiffIDs[number]
		if found, ok := layer.Annotations["containerd.io/snapshot/stargz/toc.digest"]; ok {
			fmt.Println(layer.Digest, "estargz", estargzFiles(data, digest.Digest(found)), "files")
		} else if _, ok := layer.Annotations[prefix+"manifest-position"]; ok {
			fmt.Println(layer.Digest, "zstd:chunked", chunked(data, layer.Annotations, want), "files")
		} else {
			fmt.Println(layer.Digest, "plain")
		}
	}
}

func blob(of digest.Digest) string { return filepath.Join(os.Args[1], "blobs", "sha256", of.Encoded()) }

func estargzFiles(data []byte, toc digest.Digest) int {
	reader, err := estargz.Open(io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))))
	check(err)
	verifier, err := reader.VerifyTOC(toc)
	check(err)
	count := 0
	var walk func(*estargz.TOCEntry, string)
	walk = func(at *estargz.TOCEntry, path string) {
		at.ForeachChild(func(name string, child *estargz.TOCEntry) bool {
			walk(child, filepath.Join(path, name))
			return true
		})
		if at.Type != "reg" || at.Size == 0 {
			return
		}
		file, err := reader.OpenFile(path)
		check(err)
		for offset := int64(0); offset < at.Size; {
			chunk, ok := reader.ChunkEntryForOffset(path, offset)
			if !ok {
				check(fmt.Errorf("%s has no chunk at %d", path, offset))
			}
			content := make([]byte, chunk.ChunkSize)
			_, err := file.ReadAt(content, offset)
			if !errors.Is(err, io.EOF) {
				check(err)
			}
			sum, err := verifier.Verifier(chunk)
			check(err)
			_, err = sum.Write(content)
			check(err)
			if !sum.Verified() {
				check(fmt.Errorf("%s is damaged at %d", path, offset))
			}
			offset += chunk.ChunkSize
		}
		count++
	}
	root, ok := reader.Lookup("")
	if !ok {
		check(errors.New("there is no root"))
	}
	walk(root, "")
	return count
}

func frame(data []byte, position string) []byte {
	var offset, length, size int64
	_, err := fmt.Sscanf(strings.ReplaceAll(position, ":", " "), "%d %d %d", &offset, &length, &size)
	check(err)
	decoder, err := zstd.NewReader(nil)
	check(err)
	found, err := decoder.DecodeAll(data[offset:offset+length], nil)
	check(err)
	if int64(len(found)) != size {
		check(errors.New("a frame is not as long as its annotation says"))
	}
	return found
}

type files struct {
	data    []byte
	entries map[string][]entry
}

// Get reads a file at the offsets of the table only.
func (f files) Get(name string) (io.ReadCloser, error) {
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		return nil, err
	}
	var content []byte
	pieces := f.entries[name]
	for number, piece := range pieces {
		end := pieces[0].EndOffset
		if number+1 < len(pieces) {
			end = pieces[number+1].Offset
		}
		if content, err = decoder.DecodeAll(f.data[piece.Offset:end], content); err != nil {
			return nil, err
		}
	}
	if found := digest.FromBytes(content).String(); found != pieces[0].Digest {
		return nil, fmt.Errorf("%s has the digest %s, not %s", name, found, pieces[0].Digest)
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

func chunked(data []byte, notes map[string]string, want digest.Digest) int {
	var table struct{ Entries []entry }
	check(json.Unmarshal(frame(data, notes[prefix+"manifest-position"]), &table))
	known := files{data, map[string][]entry{}}
	count := 0
	for _, each := range table.Entries {
		known.entries[each.Name] = append(known.entries[each.Name], each)
		if each.Type == "reg" && each.Size > 0 {
			count++
		}
	}
	split := storage.NewJSONUnpacker(bytes.NewReader(frame(data, notes[prefix+"tarsplit-position"])))
	sum := sha256.New()
	_, err := io.Copy(sum, asm.NewOutputTarStream(known, split))
	check(err)
	if found := hex.EncodeToString(sum.Sum(nil)); found != want.Encoded() {
		check(fmt.Errorf("the archive has the digest %s, not %s", found, want))
	}
	return count
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
