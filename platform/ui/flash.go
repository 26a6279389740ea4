package ui

import (
	"encoding/base64"
	"net/http"
	"strings"

	"lotrinh/platform/i18n"
)

// Tone is what a notice, a badge or a bar says by its colour; it always says it
// by words or by an icon as well.
type Tone string

// The tones.
const (
	Neutral Tone = "neutral"
	Info    Tone = "info"
	Good    Tone = "good"
	Warn    Tone = "warn"
	Bad     Tone = "bad"
)

const flashCookie = "flash"

// Flash leaves a message for the next page that this visitor is shown. Call it
// before web.SeeOther.
func Flash(w http.ResponseWriter, r *http.Request, tone Tone, text i18n.Text) {
	words := string(tone) + "|" + text.In(r.Context())
	if len(words) > 2000 {
		words = strings.ToValidUTF8(words[:2000], "") + "…"
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(words)),
		Path: "/", MaxAge: 300, SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: r.TLS != nil})
}

type flash struct {
	tone Tone
	text string
}

func takeFlash(w http.ResponseWriter, r *http.Request) *flash {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true})
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	tone, text, ok := strings.Cut(string(b), "|")
	if !ok || text == "" {
		return nil
	}
	return &flash{known(Tone(tone)), text}
}

func known(t Tone) Tone {
	switch t {
	case Info, Good, Warn, Bad:
		return t
	}
	return Neutral
}
