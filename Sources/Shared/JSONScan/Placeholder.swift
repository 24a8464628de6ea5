enum JSONScanPlaceholder {}
