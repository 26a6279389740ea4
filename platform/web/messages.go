package web

import (
	"embed"

	"lotrinh/platform/i18n"
)

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)
