package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestBehindProxies(t *testing.T) {
	var got string
	h := Behind([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = Addr(r).String() }))
	for _, c := range []struct {
		remote string
		said   []string
		want   string
	}{
		{"203.0.113.7:80", nil, "203.0.113.7"},
		{"203.0.113.7:80", []string{"1.1.1.1"}, "203.0.113.7"}, // a stranger says so
		{"192.168.1.1:80", []string{"1.1.1.1"}, "192.168.1.1"}, // a neighbour that nobody named
		{"127.0.0.1:80", []string{"198.51.100.1"}, "198.51.100.1"},
		{"[::1]:80", []string{"2001:db8::1"}, "2001:db8::1"},
		{"10.1.1.1:80", []string{"1.1.1.1, 198.51.100.1", "10.2.2.2"}, "198.51.100.1"}, // what stands before the first stranger is not believed
		{"10.1.1.1:80", []string{"10.3.3.3"}, "10.3.3.3"},
		{"10.1.1.1:80", []string{"nonsense"}, "10.1.1.1"},
		{"10.1.1.1:80", []string{"198.51.100.1, "}, "10.1.1.1"},
		{"[::ffff:10.1.1.1]:80", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"@", []string{"1.1.1.1"}, "invalid IP"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.said != nil {
			r.Header["X-Forwarded-For"] = c.said
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s behind %q is %q, want %q", c.remote, c.said, got, c.want)
		}
	}
}

func TestLocal(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/a?b=c#d": true, "/a//b": true, "": false, "a": false, "//evil.example": false, "/\\evil.example": false,
		"https://evil.example": false, "/a\nb": false, "/a\x00": false, "/%zz": false, "/" + string(make([]byte, 3000)): false,
	} {
		if Local(path) != want {
			t.Errorf("%q: %v", path, !want)
		}
	}
}
