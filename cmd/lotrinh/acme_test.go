package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"go/build"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// With --tls-domain the house gets itself a certificate from an authority: pebble, the
// authority that Let's Encrypt gives out for tests, which asks back by TLS-ALPN-01.
func TestServeGetsACertificate(t *testing.T) {
	program := filepath.Join(build.Default.GOPATH, "bin", "pebble")
	if path, err := exec.LookPath("pebble"); err == nil {
		program = path
	} else if _, err := os.Stat(program); err != nil {
		t.Skip("no pebble here: tools/install brings it")
	}
	const domain = "hoc.tinh.test"
	dir, listen, acme, manage := t.TempDir(), port(t), port(t), port(t)
	cert, key := selfSigned(t, dir)
	config := filepath.Join(dir, "pebble.json")
	must(t, os.WriteFile(config, fmt.Appendf(nil, `{"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
		"certificate": %q, "privateKey": %q, "httpPort": 1, "tlsPort": %d}}`, acme, manage, cert, key, listen), 0o600))
	process(t, []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"}, program, "-config", config, "-dnsserver", names(t))
	opens(t, acme)
	lotrinh, err := exec.LookPath("lotrinh")
	must(t, err)
	process(t, []string{"SSL_CERT_FILE=" + cert}, lotrinh, "serve", "--data", filepath.Join(dir, "data"), "--addr", fmt.Sprintf("127.0.0.1:%d", listen),
		"--tls-domain", domain, "--acme-directory", fmt.Sprintf("https://127.0.0.1:%d/dir", acme))

	opens(t, listen)
	var got *x509.Certificate
	for end := time.Now().Add(time.Minute); got == nil && time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		got, err = shown(domain, listen)
	}
	if got == nil || !strings.Contains(got.Issuer.CommonName, "Pebble") || !slices.Contains(got.DNSNames, domain) {
		t.Fatalf("%+v, %v", got, err)
	}
	if kept, err := os.ReadDir(filepath.Join(dir, "data", "acme")); err != nil || len(kept) < 2 {
		t.Errorf("the certificate is not kept: %v, %v", kept, err)
	}
}

// shown asks for a page by TLS and returns the certificate that came with it.
func shown(domain string, at int) (*x509.Certificate, error) {
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // who issued it is looked at
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", at))
		}}}
	defer client.CloseIdleConnections()
	res, err := client.Get("https://" + domain + "/access/sign-in")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Strict-Transport-Security"), "max-age") {
		return nil, fmt.Errorf("%s, %v", res.Status, res.Header)
	}
	return res.TLS.PeerCertificates[0], nil
}

func port(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// opens waits until a port of this machine answers.
func opens(t *testing.T, at int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", at)); err == nil {
			c.Close()
			return
		}
	}
	t.Fatalf("nobody answers at port %d", at)
}

// process runs a program until the test ends, and shows what it said when it failed.
func process(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	var said strings.Builder
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &said, &said
	must(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("%s said: %s", filepath.Base(name), said.String())
		}
	})
}

// selfSigned makes the certificate of the authority's own door.
func selfSigned(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(k)
	must(t, err)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	return cert, key
}

// names answers questions for names, by TCP as pebble asks them, until the test ends:
// every host is this machine.
func names(t *testing.T) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var size [2]byte
			if _, err := io.ReadFull(c, size[:]); err == nil {
				ask := make([]byte, binary.BigEndian.Uint16(size[:]))
				if _, err := io.ReadFull(c, ask); err == nil {
					answer := thisMachine(ask)
					c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
				}
			}
			c.Close()
		}
	}()
	return l.Addr().String()
}

// thisMachine answers a question of DNS (RFC 1035, section 4): 127.0.0.1 to one for
// an address, nothing to any other.
func thisMachine(ask []byte) []byte {
	end := 12
	for end < len(ask) && ask[end] != 0 {
		end += int(ask[end]) + 1
	}
	if end+5 > len(ask) {
		return nil
	}
	out := append([]byte(nil), ask[:end+5]...)
	address := binary.BigEndian.Uint16(ask[end+1:]) == 1
	copy(out[2:12], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	if address {
		out[7] = 1
		out = append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1)
	}
	return out
}
