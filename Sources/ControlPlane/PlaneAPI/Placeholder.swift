enum PlaneAPIPlaceholder {}
