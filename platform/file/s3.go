package file

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket keeps files in an S3-compatible store.
type bucket struct {
	client *minio.Client
	name   string
}

func openS3(ctx context.Context, u *url.URL) (Store, error) {
	secret, _ := u.User.Password()
	client, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: u.Query().Get("insecure") == "",
		Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, err
	}
	b := bucket{client, strings.Trim(u.Path, "/")}
	ok, err := client.BucketExists(ctx, b.name)
	if err == nil && !ok {
		err = errors.New("file: no bucket " + b.name + ": make it first")
	}
	return b, err
}

func (b bucket) Put(ctx context.Context, r io.Reader, limit int64) (Info, error) {
	tmp, info, err := spool("", r, limit)
	if err != nil {
		return Info{}, err
	}
	defer os.Remove(tmp)
	_, err = b.client.FPutObject(ctx, b.name, string(info.Ref), tmp, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return info, err
}

func (b bucket) Open(ctx context.Context, ref Ref) (io.ReadSeekCloser, Info, error) {
	if !valid(ref) {
		return nil, Info{}, errNone
	}
	o, err := b.client.GetObject(ctx, b.name, string(ref), minio.GetObjectOptions{})
	if err != nil {
		return nil, Info{}, err
	}
	st, err := o.Stat()
	if err != nil {
		o.Close()
		if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
			return nil, Info{}, errNone
		}
		return nil, Info{}, err
	}
	return o, Info{ref, st.Size, st.LastModified}, nil
}

func (b bucket) List(ctx context.Context) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		for o := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{}) {
			if !yield(Info{Ref(o.Key), o.Size, o.LastModified}, o.Err) || o.Err != nil {
				return
			}
		}
	}
}

func (b bucket) Remove(ctx context.Context, ref Ref) error {
	if !valid(ref) {
		return nil
	}
	return b.client.RemoveObject(ctx, b.name, string(ref), minio.RemoveObjectOptions{})
}
