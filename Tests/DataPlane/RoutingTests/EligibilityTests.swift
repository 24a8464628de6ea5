import Contract
import Identity
import Testing

@testable import Routing

@Suite struct EligibilityTests {
    /// What a model declares and what was proven of it, and what comes of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var declared: [Dialect: DeclaredCapabilities] = [:]
        var evidence: [EvidenceRecord] = []
        var proof = GroupRecord.Proof.declared
        var context: Int?
        var output: Int?
        var caller = Dialect.openAIChat
        var needs = RequestNeeds()
        let expected: Expected

        enum Expected: Hashable, Sendable {
            case asked(in: Dialect)
            case makesDo(in: Dialect)
            case refused(Ineligibility)
        }
    }

    static let now = 1_000_000

    private static func needs(_ change: (inout RequestNeeds) -> Void) -> RequestNeeds {
        var needs = RequestNeeds()
        change(&needs)
        return needs
    }

    private static func proof(
        _ verdict: EvidenceRecord.Verdict,
        _ needed: CapabilityCase,
        _ dialect: Dialect = .openAIChat,
        until: Int = now + 1
    ) -> EvidenceRecord {
        EvidenceRecord(dialect: dialect, case: needed, verdict: verdict, observedAt: 500, expiresAt: until)
    }

    private static func attested(
        _ verdict: EvidenceRecord.Verdict,
        until end: Int,
        probed: EvidenceRecord.Verdict,
        until probedEnd: Int
    ) -> EvidenceRecord {
        EvidenceRecord(
            dialect: .openAIChat,
            case: .imageInline,
            verdict: verdict,
            observedAt: 700,
            expiresAt: end,
            isAttested: true,
            probed: EvidenceRecord.Probed(verdict: probed, observedAt: 500, expiresAt: probedEnd)
        )
    }

    private static let image = needs { $0.inlineImages = 1 }
    private static let seeing: [Dialect: DeclaredCapabilities] = Dictionary(
        uniqueKeysWithValues: Dialect.allCases.map { ($0, DeclaredCapabilities(inputModalities: ["text", "image"])) }
    )
    private static let tools = needs { $0.tools = true }
    private static let parallel = needs {
        $0.tools = true
        $0.parallelTools = true
    }
    private static let adaptive = needs {
        $0.reasoning = true
        $0.adaptiveReasoning = true
    }

    private static func declared(_ all: DeclaredCapabilities) -> [Dialect: DeclaredCapabilities] {
        Dictionary(uniqueKeysWithValues: Dialect.allCases.map { ($0, all) })
    }

    static let cases: [Case] = [
        Case(testDescription: "text needs nothing", expected: .asked(in: .openAIChat)),
        Case(
            testDescription: "a declared image proves nothing",
            declared: seeing,
            needs: image,
            expected: .refused(.unvalidated(.imageInline))
        ),
        Case(
            testDescription: "no declaration and no proof is no image either",
            needs: image,
            expected: .refused(.unvalidated(.imageInline))
        ),
        Case(
            testDescription: "proof of an image opens the dialect it was found in",
            declared: seeing,
            evidence: [proof(.passed, .imageInline)],
            needs: image,
            expected: .asked(in: .openAIChat)
        ),
        Case(
            testDescription: "a model that sees in one dialect is asked in that one",
            declared: seeing,
            evidence: [proof(.failed, .imageInline), proof(.passed, .imageInline, .anthropicMessages)],
            needs: image,
            expected: .asked(in: .anthropicMessages)
        ),
        Case(
            testDescription: "inline and behind an address are two things",
            declared: seeing,
            evidence: [proof(.passed, .imageInline)],
            needs: needs { $0.imageURLs = 1 },
            expected: .refused(.unvalidated(.imageURL))
        ),
        Case(
            testDescription: "an image in a tool's result is a third",
            declared: seeing,
            evidence: [proof(.passed, .imageInline)],
            needs: needs {
                $0.inlineImages = 1
                $0.toolResultImages = 1
            },
            expected: .refused(.unvalidated(.imageInToolResult))
        ),
        Case(
            testDescription: "and none where the translation to Chat makes it an image like others",
            declared: seeing,
            evidence: [proof(.passed, .imageInline)],
            caller: .anthropicMessages,
            needs: needs {
                $0.inlineImages = 1
                $0.toolResultImages = 1
            },
            expected: .asked(in: .openAIChat)
        ),
        Case(
            testDescription: "a failed proof says when",
            evidence: [proof(.failed, .imageInline)],
            needs: image,
            expected: .refused(.failed(.imageInline, at: 500))
        ),
        Case(
            testDescription: "an old proof is none, and says until when it was one",
            evidence: [proof(.passed, .imageInline, until: now)],
            needs: image,
            expected: .refused(.expired(.imageInline, at: now))
        ),
        Case(
            testDescription: "behind an attestation that is over stands what probes found",
            evidence: [attested(.failed, until: now, probed: .passed, until: now + 1)],
            needs: image,
            expected: .asked(in: .openAIChat)
        ),
        Case(
            testDescription: "and no sooner",
            evidence: [attested(.failed, until: now + 1, probed: .passed, until: now + 2)],
            needs: image,
            expected: .refused(.failed(.imageInline, at: 700))
        ),
        Case(
            testDescription: "nor for longer",
            evidence: [attested(.passed, until: now - 1, probed: .passed, until: now)],
            needs: image,
            expected: .refused(.expired(.imageInline, at: now))
        ),
        Case(
            testDescription: "a proven image must be declared where anything is",
            declared: [.openAIChat: DeclaredCapabilities()],
            evidence: [proof(.passed, .imageInline)],
            needs: image,
            expected: .refused(.modality("image"))
        ),
        Case(
            testDescription: "other inputs need the declaration",
            declared: seeing,
            needs: needs { $0.otherModalities = ["audio"] },
            expected: .refused(.modality("audio"))
        ),
        Case(
            testDescription: "an undeclared model is trusted with tools",
            needs: tools,
            expected: .asked(in: .openAIChat)
        ),
        Case(
            testDescription: "a declaration without tools leaves them out",
            declared: [
                .openAIChat: DeclaredCapabilities(), .openAIResponses: DeclaredCapabilities(),
                .anthropicMessages: DeclaredCapabilities(),
            ],
            needs: tools,
            expected: .refused(.undeclared(.tools))
        ),
        Case(
            testDescription: "tools declared in another dialect are asked for there",
            declared: [.openAIChat: DeclaredCapabilities(), .openAIResponses: DeclaredCapabilities(tools: true)],
            needs: tools,
            expected: .asked(in: .openAIResponses)
        ),
        Case(
            testDescription: "a passed proof makes up for the declaration",
            declared: [.openAIChat: DeclaredCapabilities()],
            evidence: [proof(.passed, .tools)],
            needs: tools,
            expected: .asked(in: .openAIChat)
        ),
        Case(
            testDescription: "a failed proof outdoes the declaration",
            declared: Dictionary(
                uniqueKeysWithValues: Dialect.allCases.map { ($0, DeclaredCapabilities(tools: true)) }
            ),
            evidence: Dialect.allCases.map { proof(.failed, .forcedTool, $0) },
            needs: needs {
                $0.tools = true
                $0.forcedTool = true
            },
            expected: .refused(.failed(.forcedTool, at: 500))
        ),
        Case(
            testDescription: "several calls at a time are allowed, not asked for",
            declared: declared(DeclaredCapabilities(tools: true)),
            evidence: [proof(.failed, .parallelTools)],
            needs: parallel,
            expected: .makesDo(in: .openAIChat)
        ),
        Case(
            testDescription: "a group that wants proof wants it of several calls at a time as well",
            evidence: [proof(.passed, .text), proof(.passed, .tools)],
            proof: .proven,
            needs: parallel,
            expected: .refused(.unvalidated(.parallelTools))
        ),
        Case(
            testDescription: "reasoning that a translation leaves out is no need",
            declared: declared(DeclaredCapabilities(tools: true)),
            caller: .anthropicMessages,
            needs: needs { $0.reasoning = true },
            expected: .makesDo(in: .openAIResponses)
        ),
        Case(
            testDescription: "reasoning declared in another dialect is asked for there",
            declared: declared(DeclaredCapabilities()).merging([.openAIChat: DeclaredCapabilities(reasoning: true)]) {
                $1
            },
            caller: .anthropicMessages,
            needs: needs { $0.reasoning = true },
            expected: .asked(in: .openAIChat)
        ),
        Case(
            testDescription: "reasoning that the target is told of must not have failed",
            declared: declared(DeclaredCapabilities(reasoning: true)),
            evidence: Dialect.allCases.map { proof(.failed, .reasoning, $0) },
            needs: needs { $0.reasoning = true },
            expected: .refused(.failed(.reasoning, at: 500))
        ),
        Case(
            testDescription: "reasoning that is left to the model is no need in its own dialect either",
            declared: declared(DeclaredCapabilities(tools: true)),
            caller: .anthropicMessages,
            needs: adaptive,
            expected: .makesDo(in: .anthropicMessages)
        ),
        Case(
            testDescription: "a group that wants proof wants it of reasoning as well",
            declared: declared(DeclaredCapabilities(tools: true)),
            evidence: Dialect.allCases.map { proof(.passed, .text, $0) },
            proof: .proven,
            caller: .anthropicMessages,
            needs: adaptive,
            expected: .refused(.unvalidated(.reasoning))
        ),
        Case(
            testDescription: "a schema that a tool stands in for is no need",
            declared: declared(DeclaredCapabilities(tools: true)),
            caller: .anthropicMessages,
            needs: needs { $0.structuredOutput = true },
            expected: .makesDo(in: .openAIResponses)
        ),
        Case(
            testDescription: "a schema is one where there are no tools",
            declared: declared(DeclaredCapabilities()),
            needs: needs { $0.structuredOutput = true },
            expected: .refused(.undeclared(.structuredOutput))
        ),
        Case(
            testDescription: "an old failure no longer does",
            evidence: [proof(.failed, .tools, until: now)],
            needs: tools,
            expected: .asked(in: .openAIChat)
        ),
        Case(
            testDescription: "a group that wants proof takes nothing else",
            declared: [.openAIChat: DeclaredCapabilities(tools: true)],
            evidence: [proof(.passed, .text)],
            proof: .proven,
            needs: tools,
            expected: .refused(.unvalidated(.tools))
        ),
        Case(
            testDescription: "a group that wants proof is served by who has it",
            evidence: [proof(.passed, .text, .openAIResponses), proof(.passed, .tools, .openAIResponses)],
            proof: .proven,
            needs: tools,
            expected: .asked(in: .openAIResponses)
        ),
        Case(
            testDescription: "a request that is clearly too long is refused",
            context: 1000,
            needs: needs { $0.inputTokens = 1300 },
            expected: .refused(.contextExceeded(need: 1300, have: 1000))
        ),
        Case(
            testDescription: "an estimate a little over may be wrong",
            context: 1000,
            needs: needs { $0.inputTokens = 1200 },
            expected: .asked(in: .openAIChat)
        ),
        Case(
            testDescription: "the cap counts as asked for",
            context: 1000,
            needs: needs {
                $0.inputTokens = 100
                $0.outputTokens = 1000
            },
            expected: .refused(.contextExceeded(need: 1100, have: 1000))
        ),
        Case(
            testDescription: "numbers beyond all bounds do no harm",
            context: 1000,
            needs: needs {
                $0.inputTokens = .max
                $0.outputTokens = .max
            },
            expected: .refused(.contextExceeded(need: .max, have: 1000))
        ),
        Case(
            testDescription: "a longer answer than the model gives is none, and needs no more room than it takes",
            context: 1000,
            output: 500,
            needs: needs { $0.outputTokens = 32_000 },
            expected: .asked(in: .openAIChat)
        ),
    ]

    @Test(arguments: cases)
    func `a target is judged by what was declared and proven of its model`(_ sample: Case) throws {
        let target = try ExampleTable.target(
            ModelRecord(
                provider: try #require(Slug("acme")),
                id: try #require(Slug("m")),
                upstreamModel: "m-1",
                contextTokens: sample.context,
                maxOutputTokens: sample.output,
                declared: sample.declared,
                evidence: sample.evidence
            )
        )
        let request = Eligibility.Request(
            dialect: sample.caller,
            needs: sample.needs,
            strategy: .weighted,
            proof: sample.proof,
            now: EligibilityTests.now
        )
        switch Eligibility.judge(target, request) {
        case .success(let candidate):
            let dialect = candidate.dialect
            #expect(sample.expected == (candidate.makesDo ? .makesDo(in: dialect) : .asked(in: dialect)))
        case .failure(let reason): #expect(sample.expected == .refused(reason))
        }
    }
}
