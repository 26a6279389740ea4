package app

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

const keySize = 32 // bytes

// key reads the house's secret from the file that the operator names, or from
// secret.key beside the data, which is drawn when there is none. Whatever is
// enciphered or hashed with a key has one derived from it; a backup of the
// database without this file opens none of that.
func (c Config) key() ([]byte, error) {
	file := c.keyFile()
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && c.KeyFile == "" {
		return drawKey(file)
	}
	if err != nil {
		return nil, fmt.Errorf("the secret key cannot be read: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%s holds no key: it wants %d hexadecimal digits", file, 2*keySize)
	}
	return key, nil
}

func drawKey(file string) ([]byte, error) {
	key := make([]byte, keySize)
	rand.Read(key)
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	return key, errors.Join(err, f.Sync(), f.Close())
}

// derive makes the key for one purpose.
func derive(secret []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, "lotrinh "+purpose, keySize)
	if err != nil {
		panic(err) // the size is right
	}
	return key
}
