/**
 * aedes without the parts a front door must not have: what devices send is not routed, not retained and not queued.
 * Nobody subscribes to it here, and one frozen subscriber would stop every publisher (proof.md, finding 2). People and
 * programs get live data from a broker of its own, fed from the readings stream.
 */
import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes';

type Done = (error?: Error) => void;

export class DeviceBroker extends Aedes {
  constructor(options: AedesOptions) {
    super(options);
  }

  /** Only commands from us to a device go through; aedes calls this as (packet, client, done) for what clients send. */
  override publish(packet: PublishPacket, clientOrDone: Client | null | Done, done?: Done): void {
    if (typeof clientOrDone === 'function') {
      if (packet.topic.startsWith('devices/')) super.publish(packet, clientOrDone);
      else clientOrDone(); // $SYS: births, heartbeats and subscriptions, for a cluster of brokers we do not have
      return;
    }
    done?.();
  }
}
