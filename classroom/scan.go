package classroom

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// Checking in by the code on the manager's screen. The code is an address that
// names the session and a step of 25 seconds, signed with the session's secret. It
// is good in its own step and the next, so that a photo of it is worth nothing a
// minute later. Whoever opens it in time gets a ticket in his own name, good for
// three minutes, and confirms with it.
const (
	scanStep   = 25 * time.Second
	ticketLife = 3 * time.Minute
	scanEarly  = 30 * time.Minute // before the session begins
	scanLate   = 15 * time.Minute // after it began one is late
	triesMax   = 5                // wrong codes of the room, a person and session
)

func sign(secret string, parts ...string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(strings.Join(parts, "|")))
	return hex.EncodeToString(h.Sum(nil)[:10])
}

func equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

func stepAt(t time.Time) int64 { return t.Unix() / int64(scanStep/time.Second) }

// ScanCode is the path that the code on the screen leads to, and until when it is
// shown, for who may call the roll.
func (c *Classroom) ScanCode(ctx context.Context, id SessionID) (path string, until time.Time, err error) {
	s, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return "", until, err
	}
	if err := c.mayCall(ctx, s, k); err != nil { // access.Check in the class's unit
		return "", until, err
	}
	step := stepAt(clock.Now(ctx))
	n := strconv.FormatInt(step, 36)
	return fmt.Sprintf("/classroom/scan/%s/%s/%s", s.ID, n, sign(s.Secret, "code", n)),
		time.Unix((step+1)*int64(scanStep/time.Second), 0).In(clock.Zone), nil
}

// Ticket lets one person confirm that he is in the room.
type Ticket struct {
	Session  Session
	Class    Class
	Text     string // to be given to CheckIn
	NeedCode bool   // and the code of the room with it
	Already  bool   // he is checked in
}

// Scan gives the actor a ticket for a fresh code. Errors: NotFound when he is not
// on the roster, Invalid when the code is old or the session is not on.
func (c *Classroom) Scan(ctx context.Context, id SessionID, step, mac string) (Ticket, error) {
	s, k, err := c.scannable(ctx, id)
	if err != nil {
		return Ticket{}, err
	}
	n, err := strconv.ParseInt(step, 36, 64)
	now := stepAt(clock.Now(ctx))
	if err != nil || n > now || n < now-1 || !equal(mac, sign(s.Secret, "code", step)) {
		return Ticket{}, errs.New(errs.Invalid, "classroom.scan.old")
	}
	done, err := c.scanned(ctx, s.ID, me(ctx))
	if err != nil {
		return Ticket{}, err
	}
	at := strconv.FormatInt(clock.Now(ctx).Unix(), 36)
	t := Ticket{Session: s, Class: k, Text: at + "." + sign(s.Secret, "ticket", string(me(ctx)), at), NeedCode: s.RoomCode != "", Already: done}
	t.Session.Secret, t.Session.RoomCode = "", ""
	return t, nil
}

// scannable is a session that is on and in which the actor has a seat.
func (c *Classroom) scannable(ctx context.Context, id SessionID) (Session, Class, error) {
	p := me(ctx)
	if !access.SignedIn(ctx) {
		return Session{}, Class{}, errs.New(errs.Stranger, "error.sign-in")
	}
	s, k, err := c.sessionOf(ctx, id)
	if err != nil {
		return s, k, err
	}
	n, err := db.One[int](ctx, c.db, `select count(*) from classroom_seat where class_id = $1 and person_id = $2 and state = 'registered'`, k.ID, p)
	if err != nil {
		return s, k, err
	}
	if n == 0 || p == "" {
		return s, k, errs.New(errs.NotFound, "classroom.scan.not-on-roster")
	}
	now := clock.Now(ctx)
	if s.Cancelled() || now.Before(s.Starts.Add(-scanEarly)) || now.After(s.Ends) {
		return s, k, errs.New(errs.Invalid, "classroom.scan.closed", clockOf(s.Starts.Add(-scanEarly)), clockOf(s.Ends))
	}
	return s, k, nil
}

func (c *Classroom) scanned(ctx context.Context, id SessionID, p org.PersonID) (bool, error) {
	n, err := db.One[int](ctx, c.db, `select count(*) from classroom_mark where session_id = $1 and person_id = $2 and source = 'scan'`, id, p)
	return n > 0, err
}

// CheckIn marks the actor present, or late, by his ticket. device names the
// browser: one that has checked another person in is refused. A person is checked
// in once; doing it again changes nothing. What the class manager marked before
// is not overwritten: where it differs, the two stand side by side until he
// settles it.
func (c *Classroom) CheckIn(ctx context.Context, sid SessionID, ticket, roomCode, device string) error {
	s, k, err := c.scannable(ctx, sid) // asks access
	if err != nil {
		return err
	}
	at, mac, _ := strings.Cut(ticket, ".")
	n, err := strconv.ParseInt(at, 36, 64)
	now, p := clock.Now(ctx), me(ctx)
	if age := now.Sub(time.Unix(n, 0)); err != nil || age < 0 || age > ticketLife || !equal(mac, sign(s.Secret, "ticket", string(p), at)) {
		return errs.New(errs.Invalid, "classroom.scan.old")
	}
	if s.RoomCode != "" {
		if err := c.tries.check(string(sid)+string(p), equal(s.RoomCode, strings.ToUpper(text.Clean(roomCode)))); err != nil {
			return err
		}
	}
	return c.db.Tx(ctx, func(ctx context.Context) error { return c.checkIn(ctx, s, k, p, device) })
}

func (c *Classroom) checkIn(ctx context.Context, s Session, k Class, p org.PersonID, device string) error {
	if _, err := c.db.Exec(ctx, `update classroom_session set roll_n = roll_n + 1 where id = $1`, s.ID); err != nil {
		return err
	}
	done, err := c.scanned(ctx, s.ID, p)
	if err != nil || done {
		return err
	}
	others, err := db.One[int](ctx, c.db, `select count(*) from classroom_mark where session_id = $1 and source = 'scan' and device = $2 and person_id <> $3`,
		s.ID, device, p)
	if err != nil {
		return err
	}
	if others > 0 {
		return errs.New(errs.Invalid, "classroom.scan.same-device")
	}
	m := Mark{ID: MarkID(id.New(ctx)), Person: p, State: Present, At: clock.Now(ctx), Device: device, Source: FromScan}
	if clock.Now(ctx).After(s.Starts.Add(scanLate)) {
		m.State = Late
	}
	refused, err := c.take(ctx, s, k, []Mark{m}, false, nil)
	if err == nil && len(refused) > 0 {
		err = errs.New(errs.Invalid, refused[0].Why, refused[0].Args...)
	}
	return err
}

// tries counts wrong codes of rooms, so that nobody finds one by guessing.
type tries struct {
	mu    sync.Mutex
	wrong map[string]int
}

const triesKept = 100_000 // persons and sessions; beyond that all begin anew

func (t *tries) check(key string, right bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wrong == nil || len(t.wrong) > triesKept {
		t.wrong = map[string]int{}
	}
	if t.wrong[key] >= triesMax {
		return errs.New(errs.Busy, "classroom.scan.too-many")
	}
	if !right {
		t.wrong[key]++
		return errs.New(errs.Invalid, "error.invalid").Field("room_code", "classroom.scan.wrong-code", triesMax-t.wrong[key])
	}
	delete(t.wrong, key)
	return nil
}
