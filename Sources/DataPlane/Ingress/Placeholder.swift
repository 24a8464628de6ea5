enum IngressPlaceholder {}
