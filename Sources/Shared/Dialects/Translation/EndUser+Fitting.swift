package import Canonical
import Identity

extension EndUser {
    /// Another name for a text, always the same one for it and of no use to find it out; nil where there is no key
    /// to make it with.
    package typealias Pseudonym = (_ text: String) -> String?

    /// The pseudonym under a key that the caller of this keeps: 32 hexadecimal digits.
    ///
    /// What the code is made of begins in no way that an envelope of reasoning does, whose code it could be else.
    package static func pseudonym(of text: String, mac: ReasoningEnvelope.MAC) -> String {
        mac(Array("end user\n\(text)".utf8)).prefix(ReasoningEnvelope.macLength).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0\(digits)" : digits
        }.joined()
    }

    /// OpenAI refuses more characters, Anthropic those beyond its own bound.
    private static func maximumLength(of dialect: Dialect) -> Int {
        switch dialect {
        case .openAIChat, .openAIResponses: 64
        case .anthropicMessages: 256
        }
    }

    /// The names as a target takes them.
    ///
    /// | the caller's name | to OpenAI's dialects | to Messages |
    /// |---|---|---|
    /// | one that fits | itself | itself |
    /// | too long, or one that tells more than who it is | a pseudonym | a pseudonym |
    /// | that may be a mail address or a telephone number | itself | a pseudonym: Anthropic refuses these |
    /// | both of OpenAI's | both | `safety_identifier` |
    func fitted(
        to dialect: Dialect,
        _ target: TargetTraits,
        pseudonym: Pseudonym,
        losses: inout LossReport
    ) -> EndUser {
        var fitted = EndUser()
        guard target.takesEndUser else {
            if self.user != nil { losses.drop(.user) }
            if self.safetyIdentifier != nil { losses.drop(.safetyIdentifier) }
            return fitted
        }
        func fit(_ name: String?, _ part: RequestPart) -> String? {
            guard let name else { return nil }
            let isTelling = part == .user && self.isTelling
            if !isTelling, EndUser.fits(name, dialect) { return name }
            guard let other = pseudonym(name) else {
                losses.drop(part)
                return nil
            }
            losses.approximate(part)
            return other
        }
        fitted.safetyIdentifier = fit(self.safetyIdentifier, .safetyIdentifier)
        guard dialect == .anthropicMessages, self.safetyIdentifier != nil else {
            fitted.user = fit(self.user, .user)
            return fitted
        }
        if let user = self.user, user != self.safetyIdentifier { losses.drop(.user) }
        return fitted
    }

    private static func fits(_ name: String, _ dialect: Dialect) -> Bool {
        guard name.unicodeScalars.count <= EndUser.maximumLength(of: dialect) else { return false }
        guard dialect == .anthropicMessages else { return true }
        let isID = name.utf8.allSatisfy { byte in
            EndUser.isLetter(byte) || EndUser.digits.contains(byte) || EndUser.joints.contains(byte)
        }
        return isID && name.utf8.contains(where: EndUser.isLetter)
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    private static let joints = Set("-_.:|".utf8)

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
