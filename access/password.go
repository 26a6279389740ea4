package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"lotrinh/platform/errs"
)

// cost is what one guess at a password costs: OWASP's first choice for argon2id
// (19 MiB, two passes), about 26 ms on the machines we know.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

var (
	costNow   = cost{memory: 19 << 10, passes: 2, lanes: 1}
	saltBytes = 16
	hashBytes = uint32(32)
)

const hashWait = 20 * time.Second // how long one waits for a turn to hash

// turns lets as many hash at once as there are cores, so that a rush of people
// signing in takes 19 MiB a core and no more; the others queue.
var turns = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)))

func takeTurn(ctx context.Context) error {
	select {
	case turns <- struct{}{}:
		return nil
	default:
	}
	late := time.NewTimer(hashWait)
	defer late.Stop()
	select {
	case turns <- struct{}{}:
		return nil
	case <-late.C:
		return errs.New(errs.Busy, "error.busy", 30)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func derive(ctx context.Context, password string, salt []byte, c cost, n uint32) ([]byte, error) {
	if err := takeTurn(ctx); err != nil {
		return nil, err
	}
	defer func() { <-turns }()
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, n), nil
}

// hashPassword makes the text that is kept in place of a password:
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	sum, err := derive(ctx, password, salt, costNow, hashBytes)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, costNow.memory, costNow.passes, costNow.lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// checkPassword says whether password makes hash. stale says that hash was made
// at another cost than today's and should be made anew. An unreadable or empty
// hash takes the same time and never fits.
func checkPassword(ctx context.Context, hash, password string) (ok, stale bool, err error) {
	c, salt, want, readable := parseHash(hash)
	if !readable {
		c, salt, want = costNow, make([]byte, saltBytes), make([]byte, hashBytes)
	}
	got, err := derive(ctx, password, salt, c, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(got, want) == 1 && readable
	return ok, ok && c != costNow, nil
}

func parseHash(hash string) (c cost, salt, sum []byte, ok bool) {
	part := strings.Split(hash, "$")
	if len(part) != 6 || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes)
	if err != nil || n != 3 || c.memory > 1<<20 || c.passes == 0 || c.passes > 64 || c.lanes == 0 {
		return c, nil, nil, false
	}
	salt, err = base64.RawStdEncoding.DecodeString(part[4])
	if err != nil {
		return c, nil, nil, false
	}
	sum, err = base64.RawStdEncoding.DecodeString(part[5])
	return c, salt, sum, err == nil && len(sum) >= 16 && len(sum) <= 64
}
