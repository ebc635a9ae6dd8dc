// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;

/**
 * Alarms that are raised, or that were put out.
 *
 * @param response of the server, or several joined
 */
public record AlarmsAnswer(AlarmResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        for (AlarmMember alarm : response.getAlarmsList()) {
            lines.line("memberID:" + Long.toUnsignedString(alarm.getMemberID()) + " alarm:"
                    + alarm.getAlarm() + " ");
        }
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader());
        for (AlarmMember alarm : response.getAlarmsList()) {
            lines.unsigned("MemberID", alarm.getMemberID()).field("AlarmType", alarm.getAlarm())
                    .line("");
        }
    }
}
