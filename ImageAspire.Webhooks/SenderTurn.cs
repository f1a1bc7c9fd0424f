namespace ImageAspire.Webhooks;

/// <summary>Whether this process sends what is due now.</summary>
public delegate bool SenderTurn();
