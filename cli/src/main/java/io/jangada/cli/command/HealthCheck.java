// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.cli.answer.HealthAnswer;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.client.Refusals;
import io.jangada.cli.print.CommandFailure;

/** Asks one endpoint for a key, which needs a leader and a quorum, and for alarms. */
final class HealthCheck {
    private static final RangeRequest ANY_KEY = RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("health")).build();

    private HealthCheck() {}

    /** How {@code endpoint} is; closes {@code etcd}. */
    static HealthAnswer.Of of(EtcdClient etcd, String endpoint) {
        long start = System.nanoTime();
        try (etcd) {
            String error = error(etcd);
            return new HealthAnswer.Of(endpoint, System.nanoTime() - start, error);
        }
    }

    private static String error(EtcdClient etcd) {
        try {
            etcd.kv().range(ANY_KEY);
        } catch (StatusRuntimeException refused) {
            // A refusal of permission went through a quorum as well.
            if (refused.getStatus().getCode() != Code.PERMISSION_DENIED) {
                return Refusals.text(refused.getStatus());
            }
        } catch (CommandFailure refused) {
            return refused.text();
        }
        return alarms(etcd);
    }

    private static String alarms(EtcdClient etcd) {
        try {
            String alarms = String.join(" ", etcd.maintenance()
                    .alarm(AlarmRequest.getDefaultInstance()).getAlarmsList().stream()
                    .map(alarm -> alarm.getAlarm().name()).distinct().toList());
            return alarms.isEmpty() ? "" : "Active Alarm(s): " + alarms;
        } catch (StatusRuntimeException ignored) {
            return "Unable to fetch the alarm list";
        }
    }
}
