package import Contract
import Identity
package import Wire

/// A small snapshot that uses every kind of record, and the secrets that belong to it.
package enum SampleSnapshot {
    /// The body as its author wrote it, to be changed and broken by tests.
    package static func json() throws -> JSONValue {
        try JSONReader.read(Array(SampleSnapshot.text.utf8))
    }

    package static func body() throws -> SnapshotBody {
        try SnapshotBody(SampleSnapshot.json())
    }

    package static func secrets() throws -> SecretsBundle {
        let provider = try SnapshotBody(SampleSnapshot.json()).providers.first?.id
        return SecretsBundle(
            peppers: ["pepper-1": SecretBytes([UInt8](repeating: 7, count: 32))],
            providerSecrets: provider.map { [$0: Secret("sk-sample-credential")] } ?? [:]
        )
    }

    private static let text = """
        {"deployment": "metrum",
         "providers": [
           {"id": "acme", "base_url": "https://api.acme.example:8443/base",
            "dialects": {"openai-chat": {"path": "/chat"}, "anthropic-messages": {}},
            "auth": "bearer", "secret_revision": 3, "headers": {"x-team": "blue"},
            "timeouts": {"connect_ms": 1000, "total_ms": 60000}, "region": "eu",
            "enabled": true, "allow_private_network": false},
           {"id": "local", "base_url": "http://127.0.0.1:8000", "dialects": {"openai-responses": {}},
            "auth": "none", "secret_revision": 0, "headers": {}, "timeouts": {},
            "enabled": true, "allow_private_network": true}],
         "models": [
           {"provider": "acme", "id": "large", "upstream_model": "acme-large-2", "context_tokens": 200000,
            "max_output_tokens": 8192, "quirks": {"no_stream_options": true},
            "declared": {"openai-chat": {"input_modalities": ["text", "image"], "tools": true,
                                         "parallel_tools": true, "structured_output": true, "reasoning": false}}},
           {"provider": "local", "id": "small", "upstream_model": "small", "quirks": {}, "declared": {}}],
         "groups": [
           {"id": "default", "display_name": "Default", "description": "For all", "strategy": "weighted",
            "targets": [{"id": "a", "provider": "acme", "model": "large", "weight": 3, "tags": ["eu"]},
                        {"id": "b", "provider": "local", "model": "small", "priority": 1, "enabled": false}],
            "timeouts": {"idle_ms": 5000}}],
         "tokens": [
           {"id": "rtr_metrum_alice_shop_prod_k1",
            "code": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
            "pepper": "pepper-1", "state": "active", "allow": ["default"], "endpoints": ["openai-chat"],
            "not_before": 1700000000000, "expires_at": 4100000000000},
           {"id": "rtr_metrum_bob_shop_prod_k2",
            "code": "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100",
            "pepper": "pepper-1", "state": "revoked", "allow": []}]}
        """
}
