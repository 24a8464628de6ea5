import Identity
import Testing

@Suite struct TokenIDTests {
    @Test func `five slugs make an id, and come apart again`() throws {
        let id = try #require(TokenID("rtr_metrum_alice_shop-1_prod_k9"))
        #expect(id.deployment.text == "metrum")
        #expect(id.user.text == "alice")
        #expect(id.project.text == "shop-1")
        #expect(id.environment.text == "prod")
        #expect(id.key.text == "k9")
        #expect(id.text == "rtr_metrum_alice_shop-1_prod_k9")
        #expect(TokenID(id.text) == id)
    }

    @Test(arguments: [
        "", "rtr", "rtr_", "rtr_a_b_c_d", "rtr_a_b_c_d_e_f", "RTR_a_b_c_d_e", "rtx_a_b_c_d_e", "rtr_a_b_c_d_",
        "rtr__b_c_d_e", "rtr_a_b_c_d_E", "rtr_a_b_c_d_-e", "rtr_a_b_c_d_e ", "\nrtr_a_b_c_d_e", "_rtr_a_b_c_d_e",
    ])
    func `what is no id is refused`(text: String) {
        #expect(TokenID(text) == nil)
    }
}
