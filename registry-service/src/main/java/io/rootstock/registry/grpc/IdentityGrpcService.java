package io.rootstock.registry.grpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.identity.AccessTokens;
import io.rootstock.registry.identity.AuditEvents;
import io.rootstock.registry.identity.Principals;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreateAccessTokenResponse;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.CreatePrincipalResponse;
import io.rootstock.registry.v1.DeletePrincipalRequest;
import io.rootstock.registry.v1.DeletePrincipalResponse;
import io.rootstock.registry.v1.GetCallerRequest;
import io.rootstock.registry.v1.GetCallerResponse;
import io.rootstock.registry.v1.GetPrincipalRequest;
import io.rootstock.registry.v1.GetPrincipalResponse;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.ListAccessTokensRequest;
import io.rootstock.registry.v1.ListAccessTokensResponse;
import io.rootstock.registry.v1.ListAuditEventsRequest;
import io.rootstock.registry.v1.ListAuditEventsResponse;
import io.rootstock.registry.v1.ListPrincipalsRequest;
import io.rootstock.registry.v1.ListPrincipalsResponse;
import io.rootstock.registry.v1.RevokeAccessTokenRequest;
import io.rootstock.registry.v1.RevokeAccessTokenResponse;
import io.rootstock.registry.v1.RotateAccessTokenRequest;
import io.rootstock.registry.v1.RotateAccessTokenResponse;
import io.rootstock.registry.v1.UpdateGrantsRequest;
import io.rootstock.registry.v1.UpdateGrantsResponse;
import io.rootstock.service.Errors;
import io.rootstock.service.PageToken;
import io.rootstock.service.access.Caller;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.time.Instant;

/** {@code rootstock.registry.v1.IdentityService}. */
@GrpcService
@Blocking
public class IdentityGrpcService extends IdentityServiceGrpc.IdentityServiceImplBase {
    private final Principals principals;
    private final AccessTokens tokens;
    private final AuditEvents audit;

    /** Creates the service. */
    @Inject
    public IdentityGrpcService(Principals principals, AccessTokens tokens, AuditEvents audit) {
        this.principals = principals;
        this.tokens = tokens;
        this.audit = audit;
    }

    @Override
    public void getCaller(GetCallerRequest request, StreamObserver<GetCallerResponse> observer) {
        Answers.unary(observer, () -> Caller.current().toMessage());
    }

    @Override
    public void createPrincipal(CreatePrincipalRequest request, StreamObserver<CreatePrincipalResponse> observer) {
        Answers.unary(
                observer,
                () -> CreatePrincipalResponse.newBuilder()
                        .setPrincipal(principals.create(request))
                        .build());
    }

    @Override
    public void getPrincipal(GetPrincipalRequest request, StreamObserver<GetPrincipalResponse> observer) {
        Answers.unary(
                observer,
                () -> GetPrincipalResponse.newBuilder()
                        .setPrincipal(principals.get(request.getName()))
                        .build());
    }

    @Override
    public void listPrincipals(ListPrincipalsRequest request, StreamObserver<ListPrincipalsResponse> observer) {
        Answers.unary(observer, () -> list(request));
    }

    @Override
    public void deletePrincipal(DeletePrincipalRequest request, StreamObserver<DeletePrincipalResponse> observer) {
        Answers.unary(observer, () -> {
            principals.delete(request);
            return DeletePrincipalResponse.getDefaultInstance();
        });
    }

    @Override
    public void updateGrants(UpdateGrantsRequest request, StreamObserver<UpdateGrantsResponse> observer) {
        Answers.unary(
                observer,
                () -> UpdateGrantsResponse.newBuilder()
                        .setPrincipal(principals.updateGrants(request))
                        .build());
    }

    @Override
    public void createAccessToken(
            CreateAccessTokenRequest request, StreamObserver<CreateAccessTokenResponse> observer) {
        Answers.unary(observer, () -> {
            AccessTokens.Created created = tokens.create(request);
            return CreateAccessTokenResponse.newBuilder()
                    .setAccessToken(created.token())
                    .setSecret(created.secret())
                    .build();
        });
    }

    @Override
    public void listAccessTokens(ListAccessTokensRequest request, StreamObserver<ListAccessTokensResponse> observer) {
        Answers.unary(observer, () -> list(request));
    }

    @Override
    public void rotateAccessToken(
            RotateAccessTokenRequest request, StreamObserver<RotateAccessTokenResponse> observer) {
        Answers.unary(observer, () -> {
            AccessTokens.Created created = tokens.rotate(request);
            return RotateAccessTokenResponse.newBuilder()
                    .setAccessToken(created.token())
                    .setSecret(created.secret())
                    .build();
        });
    }

    @Override
    public void revokeAccessToken(
            RevokeAccessTokenRequest request, StreamObserver<RevokeAccessTokenResponse> observer) {
        Answers.unary(observer, () -> {
            tokens.revoke(request.getName());
            return RevokeAccessTokenResponse.getDefaultInstance();
        });
    }

    @Override
    public void listAuditEvents(ListAuditEventsRequest request, StreamObserver<ListAuditEventsResponse> observer) {
        Answers.unary(observer, () -> list(request));
    }

    private ListPrincipalsResponse list(ListPrincipalsRequest request) {
        PageQuery page = PageQuery.of(
                "principals",
                Principals.FIELDS,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        ListPrincipalsResponse.Builder response = ListPrincipalsResponse.newBuilder();
        String next = Answers.page(page, principals.list(page), response::addPrincipals);
        return response.setNextPageToken(next).build();
    }

    private ListAccessTokensResponse list(ListAccessTokensRequest request) {
        PageQuery page = PageQuery.of(
                "access tokens of " + request.getPrincipal(),
                AccessTokens.FIELDS,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        ListAccessTokensResponse.Builder response = ListAccessTokensResponse.newBuilder();
        String next = Answers.page(page, tokens.list(request.getPrincipal(), page), response::addAccessTokens);
        return response.setNextPageToken(next).build();
    }

    private ListAuditEventsResponse list(ListAuditEventsRequest request) {
        Instant since = instant(request.getSince());
        PageQuery page = PageQuery.of(
                "audit " + request.getPrincipal() + " " + request.getResource() + " " + since,
                AuditEvents.FIELDS,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        ListAuditEventsResponse.Builder response = ListAuditEventsResponse.newBuilder();
        String next = Answers.page(
                page, audit.list(request.getPrincipal(), request.getResource(), since, page), response::addEvents);
        return response.setNextPageToken(next).build();
    }

    private static Instant instant(Timestamp time) {
        if (!Timestamps.isValid(time)) {
            throw Errors.invalidArgument("since", "must be a time of the years 1 to 9999");
        }
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
