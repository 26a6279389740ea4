// Package classroom keeps to the walls.
package classroom

import _ "lotrinh/platform/db"
