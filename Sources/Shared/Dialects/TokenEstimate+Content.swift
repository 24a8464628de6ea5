extension TokenEstimate {
    /// The rough size of a request whose words were counted and not read: four bytes a token.
    ///
    /// It is a fifth off for prose and code alike, and the exact count needs every word.
    package static func inputTokens(_ content: ContentOutline) -> Int {
        content.textBytes / 4
            + (content.fileBytes / TokenEstimate.charactersPerPage + content.files) * TokenEstimate.tokensPerPage
    }
}
