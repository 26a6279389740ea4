package learn

import "github.com/danielgtaylor/huma/v2"

func (l *Learn) api(a huma.API) {}
