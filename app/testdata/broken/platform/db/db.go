// Package db looks into a room, which no platform may.
package db

import _ "lotrinh/org"
