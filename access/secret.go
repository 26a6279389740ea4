package access

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// secretKey is the house's own key for what must be read again, such as the
// secrets of one-time passwords, and for marks that browsers bring back. The
// operator gives it (Options.Key), so that a stolen database is not enough; else
// one is drawn and kept with the data.
func (a *Access) secretKey(ctx context.Context, use string) ([]byte, error) {
	key := a.opt.Key
	if len(key) == 0 {
		text, err := a.setting(ctx, "key", func() string { token, _ := newToken(); return token })
		if err != nil {
			return nil, err
		}
		key = []byte(text)
	}
	m := hmac.New(sha256.New, key)
	m.Write([]byte("lotrinh access " + use))
	return m.Sum(nil), nil
}

func (a *Access) sealer(ctx context.Context) (cipher.AEAD, error) {
	key, err := a.secretKey(ctx, "secrets")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// encipher hides text; what names its place, so that it cannot be moved to another.
func (a *Access) encipher(ctx context.Context, text, what string) (string, error) {
	s, err := a.sealer(ctx)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, s.NonceSize())
	rand.Read(nonce)
	return base64.RawStdEncoding.EncodeToString(s.Seal(nonce, nonce, []byte(text), []byte(what))), nil
}

var errCipher = errors.New("access: a secret cannot be read: was the key of the house changed?")

func (a *Access) decipher(ctx context.Context, hidden, what string) (string, error) {
	s, err := a.sealer(ctx)
	if err != nil {
		return "", err
	}
	b, err := base64.RawStdEncoding.DecodeString(hidden)
	if err != nil || len(b) < s.NonceSize() {
		return "", errCipher
	}
	text, err := s.Open(nil, b[:s.NonceSize()], b[s.NonceSize():], []byte(what))
	if err != nil {
		return "", errCipher
	}
	return string(text), nil
}

// deviceMark is what a browser keeps to show that account was signed in there.
func (a *Access) deviceMark(ctx context.Context, account AccountID, device string) (string, error) {
	key, err := a.secretKey(ctx, "device")
	if err != nil {
		return "", err
	}
	m := hmac.New(sha256.New, key)
	m.Write([]byte(device + "\x00" + string(account)))
	return device + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil)), nil
}
