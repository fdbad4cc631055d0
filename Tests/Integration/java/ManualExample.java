// SPDX-License-Identifier: Apache-2.0
// The coding example of the IoTDB manual's MQTT page, with a main class around it: the port comes from the command line, every
// time sent is printed, and with "spaced" the loop waits until the millisecond has changed.

import java.util.Random;
import org.fusesource.mqtt.client.BlockingConnection;
import org.fusesource.mqtt.client.MQTT;
import org.fusesource.mqtt.client.QoS;

public class ManualExample {
    public static void main(String[] arguments) throws Exception {
        boolean spaced = arguments.length > 1 && arguments[1].equals("spaced");
        long last = 0;

        MQTT mqtt = new MQTT();
        mqtt.setHost("127.0.0.1", Integer.parseInt(arguments[0]));
        mqtt.setUserName("root");
        mqtt.setPassword("root");
        mqtt.setConnectAttemptsMax(1);

        BlockingConnection connection = mqtt.blockingConnection();
        connection.connect();

        Random random = new Random();
        for (int i = 0; i < 10; i++) {
            long now = System.currentTimeMillis();
            while (spaced && now <= last) {
                now = System.currentTimeMillis();
            }
            last = now;
            String payload = String.format("{\n" +
                    "\"device\":\"root.sg.d1\",\n" +
                    "\"timestamp\":%d,\n" +
                    "\"measurements\":[\"s1\"],\n" +
                    "\"values\":[%f]\n" +
                    "}", now, random.nextDouble());

            connection.publish("root.sg.d1.s1", payload.getBytes(), QoS.AT_LEAST_ONCE, false);
            System.out.println(now);
        }

        connection.disconnect();
    }
}
