/** What an installation takes, in MB (10^6 bytes), measured on x86-64 Linux with Python 3.11. */
export interface InstallSize {
  /** Packed; what uv or pip has kept from another time is not fetched again. */
  readonly downloadMb: number;
  /** uv shares files between environments where the disk can (hard links), pip does not. */
  readonly diskMb: number;
}

/** TensorFlow is most of each. */
export const INSTALL_SIZES: Readonly<Record<string, InstallSize>> = {
  bentoml: { downloadMb: 360, diskMb: 1600 },
  fastapi: { downloadMb: 350, diskMb: 1500 },
  rayserve: { downloadMb: 450, diskMb: 1800 },
  litserve: { downloadMb: 350, diskMb: 1500 },
};
