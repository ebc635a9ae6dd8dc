// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.jangada.mvcc.WatchHub;
import io.jangada.network.Network;
import io.jangada.raftnode.Clock;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.answer.LongAnswers;
import io.jangada.server.auth.AccessGuard;
import io.jangada.server.auth.AuthStore;
import io.jangada.server.auth.CertificateUser;
import io.jangada.server.auth.Passwords;
import io.jangada.server.auth.Tokens;
import io.jangada.server.backup.SnapshotStreams;
import io.jangada.server.cluster.ClusterChanges;
import io.jangada.server.concurrency.ElectionService;
import io.jangada.server.concurrency.LockService;
import io.jangada.server.concurrency.QueueAccess;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.TlsConfig;
import io.jangada.server.grpc.ApiVersionGuard;
import io.jangada.server.grpc.AuthService;
import io.jangada.server.grpc.Authentication;
import io.jangada.server.grpc.ClusterService;
import io.jangada.server.grpc.CorruptGuard;
import io.jangada.server.grpc.HealthService;
import io.jangada.server.grpc.KvService;
import io.jangada.server.grpc.LeaderGuard;
import io.jangada.server.grpc.LeaderLink;
import io.jangada.server.grpc.LearnerGuard;
import io.jangada.server.grpc.LeaseService;
import io.jangada.server.grpc.LongRanges;
import io.jangada.server.grpc.MaintenanceService;
import io.jangada.server.grpc.MemberChannels;
import io.jangada.server.grpc.Quota;
import io.jangada.server.grpc.RateGuard;
import io.jangada.server.grpc.ResponseBudget;
import io.jangada.server.lease.LeaseKeeper;
import io.jangada.server.member.LocalMember;
import io.jangada.server.watch.WatchService;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What clients can call on a member, and the guards before it. Made by the starting thread. */
final class ClientServices implements AutoCloseable {
    private final List<BindableService> services;
    private final List<ServerInterceptor> guards;
    private final Passwords passwords;
    private final MemberChannels channels;
    private final SnapshotStreams snapshots;
    private final LongRanges ranges;
    private final WatchService watch;

    /**
     * What a member's services share.
     *
     * @param member that is served
     * @param network the way to the peers
     * @param auth users and roles
     * @param tokens by which callers are known
     * @param leases whose time the member watches
     * @param channels the way to the leader's client port; closed with the services
     * @param corrupt keeps a member that is named as corrupt from serving
     * @param answers long ones, on their way to the client ports
     */
    record Parts(LocalMember member, Network network, AuthStore auth, Tokens tokens,
            LeaseKeeper leases, MemberChannels channels, CorruptGuard corrupt,
            LongAnswers answers) {}

    /**
     * The services of a member.
     *
     * @param loop the member's own
     * @param watchLoop that of {@code hub}
     */
    ClientServices(Parts parts, EventLoop loop, WatchHub hub, EventLoop watchLoop, Clock clock) {
        LocalMember member = parts.member();
        AuthStore auth = parts.auth();
        ServerConfig config = member.config();
        channels = parts.channels();
        passwords = new Passwords(config.auth().bcryptCost(), clock::nanos);
        snapshots = new SnapshotStreams(member);
        Authentication authentication = new Authentication(member, auth, passwords,
                parts.tokens());
        LeaderLink link = new LeaderLink(member, authentication, channels);
        Quota quota = new Quota(member);
        LeaseService lease = new LeaseService(member, parts.leases(), quota, new SecureRandom(),
                link);
        ranges = new LongRanges(member, parts.answers());
        KvService kv = new KvService(member, quota, ranges);
        AccessGuard access = new AccessGuard(auth, member.store(), parts.tokens(),
                member::readIndex,
                config.tls().users() == TlsConfig.CertificateUse.USER
                        ? CertificateUser::of
                        : call -> Optional.empty());
        EventLoop watches = new RequestLoop(watchLoop);
        watch = new WatchService(member, hub, watches, access, parts.answers());
        auth.onChange(watch::lookAgain);
        auth.onChange(() -> loop.execute(access::lookAgain));
        QueueAccess queues = new QueueAccess(member, hub, watches, kv, lease);
        services = List.of(kv, lease, watch,
                new AuthService(member, auth, passwords, authentication),
                new LockService(queues), new ElectionService(queues),
                new ClusterService(member,
                        new ClusterChanges(member, parts.network()::isConnected),
                        InstantSource.system(), link),
                new MaintenanceService(member, snapshots), new HealthService(member),
                ProtoReflectionServiceV1.newInstance());
        guards = List.of(new RateGuard(config.limits(), clock::nanos), access,
                new ResponseBudget(config.limits().responseBytesMax()), parts.corrupt(),
                new LearnerGuard(member::isLearner),
                new ApiVersionGuard(),
                new LeaderGuard(new RequestLoop(loop), () -> member.status().leader() != 0,
                        Duration.ofMillis(config.electionTimeoutMillis())));
    }

    List<BindableService> services() {
        return services;
    }

    /** What each call passes, the last one first. */
    List<ServerInterceptor> guards() {
        return guards;
    }

    /** How many streams of watchers are open. Any thread. */
    int watchStreamCount() {
        return watch.streamCount();
    }

    @Override
    public void close() {
        snapshots.close();
        ranges.close();
        channels.close();
        passwords.close();
    }
}
