// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.DefragmentRequest;
import io.jangada.api.etcd.DefragmentResponse;
import io.jangada.api.etcd.DowngradeRequest;
import io.jangada.api.etcd.HashRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.MoveLeaderRequest;
import io.jangada.api.etcd.MoveLeaderResponse;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import io.jangada.api.health.HealthCheckRequest;
import io.jangada.api.health.HealthCheckResponse.ServingStatus;
import io.jangada.api.health.HealthGrpc;
import io.jangada.server.OneMember;
import io.jangada.server.config.Versions;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators and probes ask one member. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set in start().
class MaintenanceAndHealthTest {
    private OneMember member;
    private MaintenanceGrpc.MaintenanceBlockingStub maintenance;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        member = OneMember.start(folder.resolve("data"));
        maintenance = MaintenanceGrpc.newBlockingStub(member.channel());
    }

    @AfterAll
    void stop() {
        member.close();
    }

    private StatusResponse status() {
        return maintenance.status(StatusRequest.getDefaultInstance());
    }

    @Test
    void aStatusHasEveryField() {
        StatusResponse status = status();
        assertThat(status.getLeader()).isEqualTo(status.getHeader().getMemberId()).isNotZero();
        assertThat(status.getHeader().getClusterId()).isNotZero();
        assertThat(status.getVersion()).isEqualTo(Versions.ETCD);
        assertThat(status.getStorageVersion()).isEqualTo(Versions.STORAGE);
        assertThat(status.getRaftTerm()).isPositive();
        assertThat(status.getRaftIndex()).isGreaterThanOrEqualTo(status.getRaftAppliedIndex());
        assertThat(status.getRaftAppliedIndex()).isPositive();
        assertThat(status.getDbSize()).isPositive();
        assertThat(status.getDbSizeInUse()).isPositive();
        assertThat(status.getDbSizeQuota()).isEqualTo(2L << 30);
        assertThat(status.hasDowngradeInfo()).isTrue();
        assertThat(status.getIsLearner()).isFalse();
    }

    @Test
    void anAlarmIsRaisedSeenAndLowered() {
        AlarmRequest raise = AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.ACTIVATE).setMemberID(7)
                .setAlarm(AlarmType.CORRUPT).build();
        assertThat(maintenance.alarm(raise).getAlarmsCount()).isEqualTo(1);
        assertThat(status().getErrorsList()).containsExactly("memberID:7 alarm:CORRUPT ");
        AlarmRequest get = AlarmRequest.getDefaultInstance();
        assertThat(maintenance.alarm(get).getAlarms(0).getMemberID()).isEqualTo(7);
        assertThat(maintenance.alarm(raise.toBuilder()
                .setAction(AlarmRequest.AlarmAction.DEACTIVATE).build()).getAlarmsCount())
                .isEqualTo(1);
        assertThat(maintenance.alarm(get).getAlarmsCount()).isZero();
        assertThat(status().getErrorsList()).isEmpty();
    }

    @Test
    void aHashChangesWithWhatIsStored() {
        int before = maintenance.hash(HashRequest.getDefaultInstance()).getHash();
        assertThat(maintenance.hash(HashRequest.getDefaultInstance()).getHash())
                .isEqualTo(before);
        long revision = KVGrpc.newBlockingStub(member.channel())
                .put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build())
                .getHeader().getRevision();
        var after = maintenance.hash(HashRequest.getDefaultInstance());
        assertThat(after.getHash()).isNotEqualTo(before);
        assertThat(after.getHeader().getRevision()).isEqualTo(revision);
    }

    @Test
    void thereIsNothingToGoDownTo() {
        DowngradeRequest.Builder request = DowngradeRequest.newBuilder();
        assertThatThrownBy(() -> maintenance.downgrade(request.setVersion("x").build()))
                .hasMessageContaining("etcdserver: wrong downgrade target version format");
        for (var action : new DowngradeRequest.DowngradeAction[]{
            DowngradeRequest.DowngradeAction.VALIDATE,
            DowngradeRequest.DowngradeAction.ENABLE}) {
            assertThatThrownBy(() -> maintenance
                    .downgrade(request.setAction(action).setVersion("3.6.0").build()))
                    .hasMessageContaining("etcdserver: invalid downgrade target version");
        }
        assertThatThrownBy(() -> maintenance.downgrade(
                request.setAction(DowngradeRequest.DowngradeAction.CANCEL).build()))
                .hasMessageContaining("etcdserver: no inflight downgrade job");
    }

    @Test
    void leadershipMovesToMembersOnly() {
        assertThatThrownBy(() -> maintenance
                .moveLeader(MoveLeaderRequest.newBuilder().setTargetID(9).build()))
                .hasMessageContaining("etcdserver: bad leader transferee");
        assertThat(maintenance.moveLeader(
                MoveLeaderRequest.newBuilder().setTargetID(status().getLeader()).build()))
                .isEqualTo(MoveLeaderResponse.getDefaultInstance());
        assertThat(maintenance.defragment(DefragmentRequest.getDefaultInstance()))
                .isEqualTo(DefragmentResponse.getDefaultInstance());
    }

    @Test
    void theServerAsAWholeIsHealthyAndHasNoOtherName() {
        var health = HealthGrpc.newBlockingStub(member.channel());
        HealthCheckRequest whole = HealthCheckRequest.getDefaultInstance();
        HealthCheckRequest other = HealthCheckRequest.newBuilder().setService("x").build();
        assertThat(health.check(whole).getStatus()).isEqualTo(ServingStatus.SERVING);
        assertThat(health.watch(whole).next().getStatus()).isEqualTo(ServingStatus.SERVING);
        assertThat(health.watch(other).next().getStatus())
                .isEqualTo(ServingStatus.SERVICE_UNKNOWN);
        assertThatThrownBy(() -> health.check(other)).hasMessageContaining("unknown service");
    }

    @Test
    void reflectionNamesTheServicesAndShowsTheirFiles() throws Exception {
        var answers = new LinkedBlockingQueue<ServerReflectionResponse>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc
                .newStub(member.channel())
                .serverReflectionInfo(new StreamObserver<ServerReflectionResponse>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {}

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        requests.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("etcdserverpb.KV").build());
        requests.onCompleted();
        ServerReflectionResponse list = answers.take();
        assertThat(list.getListServicesResponse().getServiceList().stream()
                .map(ServiceResponse::getName)).contains("etcdserverpb.KV",
                        "etcdserverpb.Cluster", "v3lockpb.Lock", "grpc.health.v1.Health");
        ServerReflectionResponse files = answers.take();
        assertThat(files.getFileDescriptorResponse().getFileDescriptorProtoCount()).isPositive();
    }

    @Test
    void aVersionOfTheClientMustBeText() {
        Metadata.Key<String> key = Metadata.Key.of("client-api-version",
                Metadata.ASCII_STRING_MARSHALLER);
        Metadata good = new Metadata();
        good.put(key, "3.7.1");
        assertThat(maintenance.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(good))
                .status(StatusRequest.getDefaultInstance()).hasHeader()).isTrue();
    }
}
