using MongoDB.Bson;

namespace ImageAspire.Emulators.Wire;

/// <summary>A message of a client.</summary>
/// <param name="Id">Its number, which the answer names.</param>
/// <param name="Command">The command.</param>
/// <param name="IsLegacy">Whether it is the hello of a driver that does not know yet what the server understands (OP_QUERY).</param>
/// <param name="WantsAnswer">Whether an answer is waited for.</param>
internal sealed record WireMessage(int Id, BsonDocument Command, bool IsLegacy, bool WantsAnswer);
