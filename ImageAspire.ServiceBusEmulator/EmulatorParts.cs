using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Messages;
using ImageAspire.ServiceBusEmulator.Store;
using ImageAspire.ServiceBusEmulator.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceBusEmulator;

/// <summary>What an emulator is made of.</summary>
internal static class EmulatorParts
{
    public static IServiceCollection AddEmulatorParts(this IServiceCollection services) => services
        .AddSingleton<IMessageCodec, AmqpMessageCodec>()
        .AddSingleton<IMessageStore>(parts => parts.GetRequiredService<ServiceBusEmulatorOptions>().DataFolder is { } folder
            ? new SqliteStore(folder, parts.GetRequiredService<TimeProvider>(), parts.GetRequiredService<ILogger<SqliteStore>>()) : new MemoryStore())
        .AddSingleton(parts => new MessageBroker(parts.GetRequiredService<IMessageStore>(), parts.GetRequiredService<IMessageCodec>(), parts.GetRequiredService<TimeProvider>(),
            parts.GetRequiredService<ILogger<Journal>>()))
        .AddSingleton(parts => new WireLimits(parts.GetRequiredService<ServiceBusEmulatorOptions>().MaxMessageBytes))
        .AddSingleton<MessageOperations>()
        .AddSingleton<ScheduleOperations>()
        .AddSingleton<Operations>()
        .AddSingleton<RequestNode>()
        .AddSingleton<EntityLinks>()
        .AddSingleton<LinkFactory>()
        .AddSingleton<AmqpEndpoint>();
}
