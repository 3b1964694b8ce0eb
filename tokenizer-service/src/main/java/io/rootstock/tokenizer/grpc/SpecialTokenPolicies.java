package io.rootstock.tokenizer.grpc;

import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.v1.SpecialTokenHandling;

/** Policies of special tokens in requests. */
final class SpecialTokenPolicies {
    private SpecialTokenPolicies() {}

    /** Returns the policy of a request. */
    static SpecialTokenPolicy policy(SpecialTokenHandling handling) {
        return switch (handling) {
            case SPECIAL_TOKEN_HANDLING_UNSPECIFIED, SPECIAL_TOKEN_HANDLING_REFUSE -> SpecialTokenPolicy.REFUSE;
            case SPECIAL_TOKEN_HANDLING_AS_TEXT -> SpecialTokenPolicy.AS_TEXT;
            case SPECIAL_TOKEN_HANDLING_AS_SPECIAL -> SpecialTokenPolicy.AS_SPECIAL;
            case UNRECOGNIZED ->
                throw Errors.invalidArgument("special_tokens", "must be REFUSE, AS_TEXT or AS_SPECIAL");
        };
    }
}
