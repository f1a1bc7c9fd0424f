using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace ImageAspire.Tests.ServiceBus;

public sealed class EntityStatusTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Theory]
    [InlineData("Active", true, true)]
    [InlineData("Disabled", false, false)]
    [InlineData("SendDisabled", false, true)]
    [InlineData("ReceiveDisabled", true, false)]
    public async Task Status_SaysWhatIsAllowed(string status, bool canSend, bool canReceive)
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("before");

        await SetAsync(queue.Name, status);

        await ShouldAsync(canSend, () => queue.SendAsync("x"));
        await ShouldAsync(canReceive, queue.ReceiveAsync);
    }

    [Fact]
    public async Task ReceiveDisabled_WhileSomeoneReceives_EndsTheReceiver_UntilItIsActiveAgain()
    {
        var queue = await emulator.QueueAsync();
        var receiving = queue.Receiver.ReceiveMessageAsync(EmulatorFixture.Long);
        await Eventually.TrueAsync(() => emulator.HasReceiverAsync(queue.Name));

        await SetAsync(queue.Name, "ReceiveDisabled");
        await queue.SendAsync("x");

        (await receiving).ShouldBeNull();
        await ShouldAsync(false, queue.ReceiveAsync);
        await SetAsync(queue.Name, "Active");
        (await queue.ReceiveAsync()).Body.ToString().ShouldBe("x");
    }

    private async Task SetAsync(string queue, string status)
    {
        var properties = (await emulator.Administration.GetQueueAsync(queue)).Value;
        properties.Status = new EntityStatus(status);
        await emulator.Administration.UpdateQueueAsync(properties);
    }

    private static async Task ShouldAsync(bool isAllowed, Func<Task> work)
    {
        if (isAllowed)
            await work();
        else
            (await Should.ThrowAsync<ServiceBusException>(work)).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityDisabled);
    }
}
