// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.DefragmentRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A quota far below the memory in which the state's rows are gathered before they are written. */
@Timeout(120)
final class SmallQuotaTest {
    private static final int QUOTA_BYTES = 300_000;
    private static final int VALUE_BYTES = 5_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;
    @SuppressWarnings("NullAway.Init")
    private OneMember member;
    @SuppressWarnings("NullAway.Init")
    private KVGrpc.KVBlockingStub kv;
    @SuppressWarnings("NullAway.Init")
    private MaintenanceGrpc.MaintenanceBlockingStub maintenance;
    private final Random random = new Random(1);

    @BeforeEach
    void start() throws Exception {
        member = OneMember
                .start(OneMember.config(folder).quotaBackendBytes(QUOTA_BYTES).build());
        kv = KVGrpc.newBlockingStub(member.channel());
        maintenance = MaintenanceGrpc.newBlockingStub(member.channel());
    }

    @AfterEach
    void stop() {
        member.close();
    }

    @Test
    void whoFreesSpaceMayWriteAgain() {
        for (int round = 0; round < 3; round++) {
            long revision = fill();
            assertThat(status().getDbSize()).as("round " + round)
                    .isBetween(QUOTA_BYTES * 9L / 10, QUOTA_BYTES * 12L / 10);
            disarm();
            assertThatThrownBy(this::put).hasMessageContaining("database space exceeded");
            kv.compact(CompactionRequest.newBuilder().setRevision(revision).setPhysical(true)
                    .build());
            var ignored = maintenance.defragment(DefragmentRequest.getDefaultInstance());
            assertThat(status().getDbSize()).as("round " + round)
                    .isLessThan(QUOTA_BYTES / 10);
            disarm();
            put();
        }
    }

    /** Writes one key again and again until there is no more room; returns the last revision. */
    private long fill() {
        long revision = 0;
        try {
            for (int i = 0; i < 2 * QUOTA_BYTES / VALUE_BYTES; i++) {
                revision = put();
            }
        } catch (StatusRuntimeException full) {
            assertThat(full).hasMessageContaining("database space exceeded");
            return revision;
        }
        throw new AssertionError("the quota was never reached");
    }

    private long put() {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return kv.put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("key"))
                .setValue(ByteString.copyFrom(value)).build()).getHeader().getRevision();
    }

    private StatusResponse status() {
        return maintenance.status(StatusRequest.getDefaultInstance());
    }

    private void disarm() {
        var ignored = maintenance.alarm(AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.DEACTIVATE).setAlarm(AlarmType.NOSPACE)
                .setMemberID(status().getHeader().getMemberId()).build());
    }
}
